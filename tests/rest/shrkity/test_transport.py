"""What holds for every request: envelopes, errors, languages."""

import httpx


async def test_what_is_not_there_is_a_message_and_nothing_else(office: httpx.AsyncClient) -> None:
    """Facts S-11 and S-12."""
    answer = await office.get("/nowhere")

    assert (answer.status_code, answer.json()) == (
        404,
        {"message": "The requested resource was not found."},
    )


async def test_a_method_that_a_path_has_not_is_not_there(office: httpx.AsyncClient) -> None:
    answer = await office.put("/openapi.json", json={})

    assert answer.status_code == 404
