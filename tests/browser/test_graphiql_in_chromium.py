"""GraphiQL as a person meets it: in a browser, with a token to paste."""

import json
import os
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.async_api import APIResponse, Browser, ConsoleMessage, Page, expect

from tests.browser.conftest import Site

# CI has two cores, and Chromium wants both.
expect.set_options(timeout=20_000)


class Visit:
    """One browser profile on the page, and everything that it asked for and complained about."""

    def __init__(self, page: Page, site: Site) -> None:
        self.page, self.site = page, site
        self.hosts: set[str] = set()
        self.complaints: list[str] = []
        page.on("request", lambda request: self._note_host(request.url))
        page.on("console", self._note_complaint)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    async def paste_token(self, token: str) -> None:
        await self.page.get_by_label("Token", exact=True).focus()
        await self._paste(token)

    async def run(self, operation: str, variables: dict[str, object] | None = None) -> None:
        await self.fill(".graphiql-query-editor", operation)
        await self.fill(".graphiql-editor-tool", json.dumps(variables or {}))
        await self.page.get_by_label("Execute query").click()

    async def rename(self, name: str) -> APIResponse:
        """A change by somebody else."""
        site = self.site
        operation = {"query": site.mutation, "variables": site.variables | {"name": name}}
        headers = {"Authorization": f"Bearer {site.token}"}
        return await self.page.request.post(site.url, data=operation, headers=headers)

    async def expect_answer(self, expected: object) -> None:
        shown = json.dumps(expected, indent=2, ensure_ascii=False)
        await self.expect_lines(".result-window", shown.splitlines())

    async def expect_lines(self, panel: str, lines: list[str]) -> None:
        # Monaco draws every space as a no-break space.
        drawn = [line.replace(" ", "\xa0") for line in lines]
        await expect(self.page.locator(f"{panel} .view-line:visible")).to_have_text(drawn)

    async def picture(self, name: str) -> None:
        if folder := os.environ.get("GRAPHIQL_SCREENSHOTS"):
            await self.page.screenshot(path=Path(folder) / f"{name}.png")

    async def fill(self, panel: str, text: str) -> None:
        await self.page.locator(f"{panel} .monaco-editor:visible").first.click()
        await self.page.keyboard.press("Control+A")
        await self._paste(text)

    async def _paste(self, text: str) -> None:
        await self.page.evaluate("text => navigator.clipboard.writeText(text)", text)
        await self.page.keyboard.press("Control+V")

    def _note_host(self, url: str) -> None:
        if urlsplit(url).scheme != "data":
            self.hosts.add(urlsplit(url).netloc)

    def _note_complaint(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)


@pytest.fixture
async def visit(browser: Browser, site: Site) -> AsyncIterator[Visit]:
    context = await browser.new_context(
        permissions=["clipboard-read", "clipboard-write"], viewport={"width": 1440, "height": 900}
    )
    visit = Visit(await context.new_page(), site)
    await visit.page.goto(site.url)
    await expect(visit.page.locator(".graphiql-query-editor .view-lines")).to_contain_text("WhoAmI")
    yield visit
    await context.close()


async def test_a_query_and_a_mutation_run_without_leaving_the_host(visit: Visit) -> None:
    site = visit.site
    await visit.paste_token(site.token)
    await expect(visit.page.locator(".identity")).to_have_text(f"{site.user} · {site.organization}")

    await visit.run("{ viewer { user { name } } }")
    await visit.expect_answer({"data": {"viewer": {"user": {"name": site.user}}}})
    await visit.picture("query")

    await visit.run(site.mutation, site.variables)
    await visit.expect_answer(site.answer)
    await visit.picture("mutation")

    assert visit.hosts == {urlsplit(site.url).netloc}
    assert visit.complaints == []


async def test_without_a_token_nothing_is_asked_and_the_page_says_what_is_missing(
    visit: Visit,
) -> None:
    posts: list[str] = []
    visit.page.on("request", lambda request: posts.append(request.method))

    await visit.page.get_by_label("Execute query").click()

    await expect(visit.page.locator(".result-window")).to_contain_text("paste\xa0one\xa0into")
    await visit.picture("no-token")
    assert "POST" not in posts
    assert visit.complaints == []


async def test_a_token_that_the_server_refuses_is_shown_as_refused(visit: Visit) -> None:
    await visit.paste_token("not-a-token")

    await expect(visit.page.locator(".identity.refused")).not_to_be_empty()
    await visit.picture("refused")


async def test_the_schema_is_there_to_explore_once_the_token_is(visit: Visit) -> None:
    await visit.paste_token(visit.site.token)
    await visit.page.get_by_label("Show GraphiQL Explorer").click()

    explorer = visit.page.locator(".graphiql-plugin")
    await expect(explorer).to_contain_text("viewer")
    await visit.picture("explorer")

    await visit.page.get_by_label("Show Documentation Explorer").click()
    await expect(visit.page.locator(".graphiql-plugin")).to_contain_text("Mutation")
    await visit.picture("docs")
    assert visit.complaints == []


async def test_a_field_that_the_schema_lacks_is_underlined_while_typing(visit: Visit) -> None:
    await visit.paste_token(visit.site.token)
    await expect(visit.page.locator(".identity.known")).to_be_visible()

    await visit.fill(".graphiql-query-editor", "{ viewer { user { nmae } } }")

    await expect(visit.page.locator(".graphiql-query-editor .squiggly-error")).to_have_count(1)
    await visit.picture("underlined")
    assert visit.complaints == []


async def test_prettify_tidies_the_operation_and_its_variables(visit: Visit) -> None:
    await visit.fill(".graphiql-query-editor", "query Q($a:Int){b(a:$a)}")
    await visit.fill(".graphiql-editor-tool", '{"a":1}')

    await visit.page.get_by_label("Prettify").click()

    await visit.expect_lines(
        ".graphiql-query-editor", ["query Q($a: Int) {", "  b(a: $a)", "}", ""]
    )
    await visit.expect_lines(".graphiql-editor-tool", ["{", '  "a": 1', "}", ""])
    assert visit.complaints == []


async def test_a_reload_finds_the_tabs_and_the_token_as_they_were(visit: Visit) -> None:
    await visit.paste_token(visit.site.token)
    tabs = visit.page.get_by_role("tab")
    titles = await tabs.all_inner_texts()
    await visit.page.get_by_role("tab", name="AnyRecord").click()
    await expect(visit.page.locator(".graphiql-editor-tool .view-lines").first).to_contain_text(
        "po_"
    )
    await visit.picture("tabs")

    await visit.page.reload()

    await expect(visit.page.locator(".identity")).to_contain_text(visit.site.user)
    assert await tabs.all_inner_texts() == titles
    assert visit.complaints == []


async def test_messages_are_asked_for_in_the_chosen_language(visit: Visit) -> None:
    await visit.paste_token(visit.site.token)
    await visit.page.get_by_label("Messages in").select_option("العربية")

    async with visit.page.expect_request(lambda request: request.method == "POST") as asked:
        await visit.run("{ viewer { user { name } } }")

    assert (await (await asked.value).all_headers())["accept-language"] == "ar"


async def test_a_subscription_shows_what_happens_until_it_is_stopped(visit: Visit) -> None:
    await visit.paste_token(visit.site.token)
    await expect(visit.page.locator(".identity.known")).to_be_visible()
    opened = visit.page.expect_response(
        lambda response: "subscription {" in (response.request.post_data or "")
    )
    async with opened as response:
        await visit.run("subscription { events { type changes { field after } } }")
    assert (await (await response.value).all_headers())["content-type"].startswith(
        "text/event-stream"
    )

    renamed = await visit.rename("Heard of")

    assert renamed.status == 200
    change = {"field": "name", "after": "Heard of"}
    await visit.expect_answer(
        {"data": {"events": {"type": "supplier.updated", "changes": [change]}}}
    )
    await visit.picture("subscription")
    await visit.page.get_by_label("Stop query").click()
    await expect(visit.page.get_by_label("Execute query")).to_be_visible()
    await visit.rename("Not heard of")
    await visit.run("{ viewer { user { name } } }")
    await visit.expect_answer({"data": {"viewer": {"user": {"name": visit.site.user}}}})
    assert visit.complaints == []
