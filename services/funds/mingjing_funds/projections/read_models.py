"""Every read model of this service, in one list."""

from __future__ import annotations

from mingjing_funds.projections.account_days import ACCOUNT_DAYS
from mingjing_funds.projections.accounts import ACCOUNTS_READ
from mingjing_funds.projections.alerts import ALERTS, EVALUATIONS
from mingjing_funds.projections.breaks import BREAKS_READ
from mingjing_funds.projections.contracts import CONTRACTS_READ, FINDINGS
from mingjing_funds.projections.entries import ENTRIES
from mingjing_funds.projections.expectations import EXPECTATIONS
from mingjing_funds.projections.files import DELIVERIES_READ, KEPT_ASIDE, VENDOR_CODES_READ
from mingjing_funds.projections.freezes import FREEZES
from mingjing_funds.projections.institutions import INSTITUTIONS_READ
from mingjing_funds.projections.lessons_used import LESSONS_USED
from mingjing_funds.projections.payment_orders import PAYMENT_ORDERS, SETTLEMENT_ACCOUNTS
from mingjing_funds.projections.prepaid import PREPAID_STATEMENTS
from mingjing_funds.projections.schema import METADATA
from mingjing_funds.projections.subjects import SUBJECTS_READ
from mingjing_kernel.projection import ReadModel
from mingjing_kernel.reads import make_reads_model
from mingjing_kernel.sealed.unsealings import unsealing_models

READ_MODELS: tuple[ReadModel, ...] = (
    ACCOUNTS_READ,
    ACCOUNT_DAYS,
    ALERTS,
    BREAKS_READ,
    CONTRACTS_READ,
    DELIVERIES_READ,
    ENTRIES,
    EVALUATIONS,
    EXPECTATIONS,
    FINDINGS,
    FREEZES,
    INSTITUTIONS_READ,
    KEPT_ASIDE,
    LESSONS_USED,
    PAYMENT_ORDERS,
    PREPAID_STATEMENTS,
    SETTLEMENT_ACCOUNTS,
    make_reads_model(METADATA),
    SUBJECTS_READ,
    *unsealing_models(METADATA),
    VENDOR_CODES_READ,
)
