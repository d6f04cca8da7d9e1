"""Every read model of this service, in one list."""

from __future__ import annotations

from mingjing_funds.projections.account_days import ACCOUNT_DAYS
from mingjing_funds.projections.accounts import ACCOUNTS_READ
from mingjing_funds.projections.alerts import ALERTS, EVALUATIONS
from mingjing_funds.projections.breaks import BREAKS_READ
from mingjing_funds.projections.confirmation_codes import CONFIRMATION_CODES
from mingjing_funds.projections.contracts import CONTRACTS_READ, FINDINGS
from mingjing_funds.projections.custodians import CUSTODIANS_READ
from mingjing_funds.projections.deadlines import DEADLINES_READ
from mingjing_funds.projections.deposits import DEPOSIT_MOVEMENTS, DEPOSITS_READ
from mingjing_funds.projections.entries import ENTRIES
from mingjing_funds.projections.expectations import EXPECTATIONS
from mingjing_funds.projections.files import DELIVERIES_READ, KEPT_ASIDE, VENDOR_CODES_READ
from mingjing_funds.projections.freezes import FREEZES
from mingjing_funds.projections.institutions import INSTITUTIONS_READ
from mingjing_funds.projections.lesson_decisions import LESSON_DECISIONS
from mingjing_funds.projections.lessons_used import LESSONS_USED
from mingjing_funds.projections.licences import LICENCES_READ
from mingjing_funds.projections.payment_orders import PAYMENT_ORDERS, SETTLEMENT_ACCOUNTS
from mingjing_funds.projections.prepaid import PREPAID_STATEMENTS
from mingjing_funds.projections.ratings import RATINGS_READ
from mingjing_funds.projections.refund_lists import REFUND_LISTS_READ
from mingjing_funds.projections.refund_requests import REFUND_REQUESTS
from mingjing_funds.projections.schema import METADATA
from mingjing_funds.projections.silent_months import SILENT_MONTHS
from mingjing_funds.projections.subjects import SUBJECTS_READ
from mingjing_funds.projections.watches import WATCHES_READ
from mingjing_kernel.projection import ReadModel
from mingjing_kernel.reads import make_reads_model
from mingjing_kernel.sealed.unsealings import unsealing_models

READ_MODELS: tuple[ReadModel, ...] = (
    ACCOUNTS_READ,
    ACCOUNT_DAYS,
    ALERTS,
    BREAKS_READ,
    CONFIRMATION_CODES,
    CONTRACTS_READ,
    CUSTODIANS_READ,
    DEADLINES_READ,
    DELIVERIES_READ,
    DEPOSITS_READ,
    DEPOSIT_MOVEMENTS,
    ENTRIES,
    EVALUATIONS,
    EXPECTATIONS,
    FINDINGS,
    FREEZES,
    INSTITUTIONS_READ,
    KEPT_ASIDE,
    LESSONS_USED,
    LICENCES_READ,
    SILENT_MONTHS,
    PAYMENT_ORDERS,
    LESSON_DECISIONS,
    PREPAID_STATEMENTS,
    SETTLEMENT_ACCOUNTS,
    make_reads_model(METADATA),
    RATINGS_READ,
    REFUND_LISTS_READ,
    REFUND_REQUESTS,
    SUBJECTS_READ,
    *unsealing_models(METADATA),
    VENDOR_CODES_READ,
    WATCHES_READ,
)
