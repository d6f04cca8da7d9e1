"""One institution's story over three services, in commands of which every one changes something.

Registered, licensed, housed; its account opened, a contract signed and paid, deposits booked from the bank's file; a
complaint and a visit; its licence suspended. The one rule: every id follows from the seed and the story's number.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from stdnum.cn import uscc

from chaos.load import Caller, Deposit
from mingjing_inspection.domain.checklist import PATROL_V1
from mingjing_kernel.clock import SHANGHAI, system_clock
from mingjing_kernel.identifiers import derived_id

CLERK, CHIEF, APPROVER, BANKER, HOTLINE, GRID = (
    "licensing-officer-science",
    "licensing-officer",
    "approver",
    "fund-regulator",
    "hotline-operator",
    "grid-officer",
)
DEPOSITS_MAX = 6
EVALUATE_EVERY = 10
"""Stories between two evaluations of every account: each raises a RED alert for accounts that are below their
minimum, and each of those sends somebody to the site (X1)."""
_HEADER = "序号,交易日期,交易时间,账号,户名,借方发生额,贷方发生额,账户余额,对方户名,对方账号,摘要,流水号"


async def tell(caller: Caller, chance: random.Random, number: int) -> None:
    """The whole story; the order of what is independent differs from story to story."""
    told = Telling(caller, chance, number)
    await told.licensed()
    parts = [told.funded, told.looked_at]
    chance.shuffle(parts)
    for part in parts:
        await part()
    await told.suspended()
    if number % EVALUATE_EVERY == 0:
        await told.evaluated()


class Telling:
    """One telling of the story."""

    def __init__(self, caller: Caller, chance: random.Random, number: int) -> None:
        self._caller = caller
        self._chance = chance
        self._number = number
        self._salt = chance.getrandbits(64)
        self._name = self._salt % 10**12  # nobody else's: funds links accounts and institutions by name
        self._institution = ""
        self._site = ""
        now = system_clock().astimezone(SHANGHAI)
        self._now: datetime = now
        self.today = str(now.date())

    async def licensed(self) -> None:
        """Registry: an institution, its licence with the site that it was granted for, and a further one."""
        registered = await self._act(CLERK, "registry", "/institutions", self.institution())
        self._institution = registered["institution_id"]
        path = f"/institutions/{self._institution}"
        for step, body in self._licensing():
            await self._act(CLERK, "registry", f"{path}/licence/{step}", body)
        await self._act(CHIEF, "registry", f"{path}/licence/approval")
        site = {"address": f"西湖区留下街道文三路{self._number}号附楼", "area_m2": 120}
        self._site = (await self._act(CLERK, "registry", f"{path}/sites", site))["site_id"]
        signed = {"site_check_reference": f"K{self._number}", "area_m2": 120, "students_max": 40}
        await self._act(CLERK, "registry", f"/sites/{self._site}/signature", signed)
        await self._act(CHIEF, "registry", f"/sites/{self._site}/approval")

    async def funded(self) -> None:
        """Funds: an account (X15), a contract with its payment, and deposits from the bank's file."""
        account_id, number, _ = await self.contracted()
        await self.deposited(account_id, number, self._chance.randrange(1, DEPOSITS_MAX + 1))

    async def contracted(self) -> tuple[UUID, str, UUID]:
        """An active account, its number, and a paid contract."""
        account_id, number = self.id("account"), f"62990{self._salt % 10**14:014d}"
        await self._act(BANKER, "funds", "/accounts", self._holder(account_id))
        path = f"/accounts/{account_id}"
        agreement = {"agreement_no": f"X{self._number}", "minimum_fen": 5_000_000, "signed_on": self.today}
        yesterday = str(self._now.date() - timedelta(days=1))
        opening = {"number": number, "opened_on": yesterday, "opening_fen": 0, "opening_on": yesterday}
        for step, body in (("agreement", agreement), ("activation", opening)):
            await self._caller.see(BANKER, "funds", path)  # a write looks at the list, which must have the account
            await self._act(BANKER, "funds", f"{path}/{step}", body)
        contract_id = self.id("contract")
        await self._act(BANKER, "funds", "/contracts", self._contract(contract_id, account_id))
        await self._caller.see(BANKER, "funds", f"/contracts/{contract_id}")
        payment = {"payment_no": f"JF{self._salt % 10**14:014d}", "amount_fen": 90_000, "method": "card"}
        payment["paid_at"] = self._now.isoformat()
        await self._act(BANKER, "funds", f"/contracts/{contract_id}/payment", payment)
        return account_id, number, contract_id

    async def looked_at(self) -> None:
        """Inspection: a complaint; and a visit, as soon as the registry's word about the site has arrived."""
        await self._act(HOTLINE, "inspection", "/complaints", self.complaint(f"{self._salt:020d}"))
        visit = self._visit()
        await self._caller.put(GRID, "inspection", f"/visits/{self.id('visit')}", visit, not_yet=404)

    async def suspended(self) -> None:
        """Registry: the licence is suspended, which blocks charges in funds (X11), and reinstated now and then."""
        path = f"/institutions/{self._institution}/licence"
        decision = {
            "decision_reference": f"西教罚〔2026〕{self._number}号",
            "served_on": self.today,
            "reason": "抽逃资金",
            "legal_basis": "民办教育促进法第六十二条",
        }
        await self._act(APPROVER, "registry", f"{path}/suspension", decision)
        if self._chance.random() < 0.5:
            back = {"decision_reference": f"西教〔2026〕{self._number}号", "reason": "整改合格"}
            await self._act(APPROVER, "registry", f"{path}/reinstatement", back)

    async def evaluated(self) -> None:
        """Funds: the alert rules on every account, today."""
        await self._act(BANKER, "funds", f"/alerts/evaluations?day={self.today}")

    async def deposited(self, account_id: UUID, number: str, count: int) -> None:
        """Funds: the bank's file with so many deposits on one account."""
        amounts = [self._chance.randrange(1, 100_000) for _ in range(count)]
        lines, balance, deposits = [_HEADER], 0, list[Deposit]()
        for index, amount in enumerate(amounts):
            balance += amount
            flow = f"HP{self._salt % 10**12:012d}{index:03d}"
            when = f"{self._now:%Y%m%d},00:{index // 60:02d}:{index % 60:02d}"
            money = f",{_yuan(amount)},{_yuan(balance)}"
            lines.append(
                f"{index + 1},{when},\t{number},第{self._name}号专户,{money},王某,\t6217000000136356316,培训费,{flow}"
            )
            deposits.append(Deposit(account_id, flow, amount))
        await self._caller.see(BANKER, "funds", f"/accounts/{account_id}")
        path = f"/files/statements?covers_to={self.today}&department=science"
        receipt = await self._caller.file(
            BANKER, "funds", path, "\n".join(lines).encode("gb18030"), key=self.id("statement")
        )
        assert receipt["kept_aside"] == 0, receipt
        assert receipt["accepted"] + receipt["repeated"] == len(deposits), receipt
        self._caller.ledger.deposits.extend(deposits)

    async def _act(self, who: str, service: str, path: str, body: Any = None) -> dict[str, Any]:
        return await self._caller.command(who, service, path, body, key=self.id(service, path))

    def id(self, *parts: object) -> UUID:
        """An id of this telling's own, the same for each repetition of a request."""
        return derived_id("chaos", self._salt, *parts)

    def institution(self) -> dict[str, Any]:
        """One that is in no register yet."""
        return {
            "name": f"杭州第{self._name}号编程培训有限公司",
            "uscc": _credit_code(self._salt),
            "items": "编程",
            "phone": "19900000001",
            "address": "西湖区留下街道文三路1号",
        }

    def complaint(self, number: str) -> dict[str, Any]:
        """By the supervision telephone."""
        return {
            "number": number,
            "channel": "SUPERVISION_PHONE",
            "received_at": self._now.isoformat(),
            "declared": "投诉",
            "text": f"第{self._name}号编程不退费",
        }

    def _holder(self, account_id: UUID) -> dict[str, Any]:
        return {
            "account_id": str(account_id),
            "institution_id": self._institution or None,
            "institution_name": f"杭州第{self._name}号编程培训有限公司",
            "bank": "湖畔商业银行",
            "account_name": f"第{self._name}号专户",
            "department": "science",
            "region": "330106",
        }

    def _licensing(self) -> list[tuple[str, dict[str, Any] | None]]:
        """From the application to the first signature; the second one is another officer's."""
        address = f"西湖区留下街道文三路{self._number}号"
        profile = {
            "modes": ["offline"],
            "stages": ["primary"],
            "organizer": f"第{self._name}号文化有限公司",
            "prices": [{"item": "编程", "total_fen": 90_000, "lessons": 20, "minutes_per_lesson": 45}],
            "prices_published_at": "门厅",
        }
        content = {
            "profile": profile,
            "premises": [{"address": address, "area_m2": 120, "students_max": 20}],
            "staff": {"total": 4, "teaching": 3, "full_time_teachers": 2},
            "materials": {"filed": 1},
            "capital": {"is_listed": False, "is_capitalized": False, "is_foreign_controlled": False},
            "custody_agreement": f"X{self._number}",
        }
        check = {
            "reference": f"K{self._number}",
            "address": address,
            "checked_on": self.today,
            "passed": True,
            "area_m2": 118,
        }
        terms = {
            "number": f"3301062026{self._salt % 10**8:08d}",
            "valid_from": self.today,
            "expires_on": str(self._now.date() + timedelta(days=1000)),
        }
        return [("application", content), ("acceptance", None), ("site-checks", check), ("signature", terms)]

    def _contract(self, contract_id: UUID, account_id: UUID) -> dict[str, Any]:
        return {
            "contract_id": str(contract_id),
            "contract_no": f"HT-{self._salt}",
            "account_id": str(account_id),
            "pupil": {"name": "武玲帆"},
            "guardian": {"name": "段宇", "phone": f"199{self._salt % 10**8:08d}"},
            "course": "编程",
            "is_subject": False,
            "lessons": 10,
            "price_fen": 90_000,
            "starts_on": str(self._now.date() + timedelta(days=1)),
            "ends_on": str(self._now.date() + timedelta(days=60)),
        }

    def _visit(self) -> dict[str, Any]:
        photo = f"{self._salt:064x}"
        answers = [
            {"item": item.code, "finding": "PASS", "photos": [photo] if item.photo_required else []}
            for item in PATROL_V1.items
        ]
        observation = {
            "outcome": "NO_ISSUE",
            "checklist": PATROL_V1.version,
            "answers": answers,
            "photos": [photo],
            "position": {"latitude_e7": 302_590_000, "longitude_e7": 1_201_300_000, "accuracy_metres": 8},
            "visited_at": self._now.isoformat(),
        }
        return {
            "institution_id": self._institution,
            "site_id": self._site,
            "observation": observation,
            "device_sent_at": self._now.isoformat(),
        }


def _credit_code(salt: int) -> str:
    letters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    tail = "".join(letters[salt // 31**place % 31] for place in range(7))
    body = f"91330106MA{tail}"
    return body + uscc.calc_check_digit(body)


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"
