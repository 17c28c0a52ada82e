"""Enrolling customers: who they are, whom they employ, their papers, and their connections."""

from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from domain.customers import AddressKind, Client, Company, CustomerAddress
from domain.workers import Worker
from server.demo.casts import Cast
from server.demo.serving import customers, offers
from server.demo.serving.counters import MANAGER, Counter
from server.demo.stages import Stage
from usecases.compliance_documents import CreateComplianceDocument
from usecases.connection_requests import (
    ApproveConnectionRequest,
    CreateConnectionRequest,
    RejectConnectionRequest,
    RevokeConnectionRequest,
)

LATE = 8  # the company whose registration has run out
DUE = 9  # the one whose registration runs out soon


async def enrol(
    stage: Stage, cast: Cast, counter: Counter, today: datetime, random: Random
) -> None:
    await _welcome(stage, counter, random)
    await _file(stage, cast, counter, today)
    await _connect(stage, cast, counter)


async def _welcome(stage: Stage, counter: Counter, random: Random) -> None:
    for number, person in enumerate(customers.CLIENTS, start=1):
        given: dict[str, Any] = {
            "code": f"C-{number:03}",
            "name": person.name,
            "name_ar": person.name_ar,
            "email": f"client{number}@clients.example.com",
            "phone": f"+966 50 556 {number:04}",
            "country": "SA",
        }
        counter.clients.append(await stage.create(Client, given))
    hired = 0
    for number, firm in enumerate(customers.COMPANIES, start=1):
        street = f"{number * 7} Customer Street"
        given = {
            "code": f"F-{number:03}",
            "name": firm.name,
            "name_ar": firm.name_ar,
            "type": firm.type,
            "tax_id": f"31{number:012}3",
            "registration_number": f"40{number:08}",
            "unified_number": f"70{number:08}",
            "email": f"office{number}@companies.example.com",
            "phone": f"+966 11 557 {number:04}",
            "country": "SA",
            "city": firm.city,
            "client_id": None if firm.client is None else counter.clients[firm.client].id,
            "addresses": [CustomerAddress(kind=AddressKind.BILLING, street=street, city=firm.city)],
        }
        company = await stage.create(Company, given)
        counter.companies.append(company)
        team = []
        for _ in range(firm.workers):
            hired += 1
            team.append(await stage.create(Worker, _worker(hired, company.id, random)))
        counter.workers.append(team)


def _worker(number: int, company_id: UUID, random: Random) -> dict[str, Any]:
    person = customers.WORKERS[number % len(customers.WORKERS)]
    return {
        "company_id": company_id,
        "name": f"{person.name} {number}",
        "name_ar": f"{person.name_ar} {number}",
        "iqama_number": f"2{number:09}",
        "passport_number": f"X{number:07}",
        "nationality": customers.NATIONALITIES[number % len(customers.NATIONALITIES)],
        "job_title": random.choice(customers.JOBS),
    }


async def _file(stage: Stage, cast: Cast, counter: Counter, today: datetime) -> None:
    """The papers of everybody: in force, but for those of two companies and some workers."""

    async def add(kind: str, number: str, days: int, company: UUID, worker: UUID | None) -> None:
        paper = CreateComplianceDocument(
            type_id=counter.kinds[kind].id,
            company_id=company,
            worker_id=worker,
            number=number,
            issued_on=(stage.began - timedelta(days=30)).date(),
            expires_on=(today + timedelta(days=days)).date(),
        )
        await stage.do(paper, cast.users[MANAGER], stage.began)

    ends = {LATE: -20, DUE: 25}
    papers = 0
    for place, company in enumerate(counter.companies):
        days = ends.get(place, 200 + place * 20)
        await add(offers.REGISTRATION, company.registration_number or "", days, company.id, None)
        await add(offers.TAX, company.tax_id or "", 300, company.id, None)
        for worker in counter.workers[place]:
            papers += 1
            left = (400, 60, 250, -5)[papers % 4]
            await add(offers.RESIDENCE, worker.iqama_number or "", left, company.id, worker.id)
            await add(offers.PASSPORT, worker.passport_number or "", 700, company.id, worker.id)


async def _connect(stage: Stage, cast: Cast, counter: Counter) -> None:
    """Most clients are connected; some wait, one was turned away, one was cut off again."""
    by = cast.users[MANAGER]
    for place, client in enumerate(counter.clients):
        asked = CreateConnectionRequest(client_id=client.id, message="We are your customers.")
        request = await stage.do(asked, by, stage.began)
        at = stage.began + timedelta(days=1)
        if place < len(counter.clients) - 3:
            await stage.do(ApproveConnectionRequest(id=request.id), by, at)
        if place == 0:
            revoke = RevokeConnectionRequest(id=request.id, reason="They asked for a new one.")
            await stage.do(revoke, by, at)
        elif place == len(counter.clients) - 1:
            reject = RejectConnectionRequest(id=request.id, reason="Nobody knows them.")
            await stage.do(reject, by, at)
