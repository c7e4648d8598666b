"""Telephone numbers as they are compared: however they are written."""

import phonenumbers

from intake.folding import digits

#: Where a number without a country code belongs.
_REGION = "US"


def national(phone: str) -> str:
    """Return the digits of a number without country code and trunk zero."""
    text = f"+{phone[2:]}" if phone.startswith("00") else phone
    try:
        parsed = phonenumbers.parse(text, _REGION)
    except phonenumbers.NumberParseException:
        plain = digits(phone)
        return plain.lstrip("0") or plain
    return str(parsed.national_number)
