"""Five hundred texts that programs have stumbled over, made from thirty kinds.

Each is the same every time. What a person cannot type they can still paste.
"""

import random

COUNT = 500
_SEED = 20261125
_LONG = 10_000

#: A kind, and what makes it: `{0}` is a word, so that no two are alike.
_KINDS: dict[str, str] = {
    "bold": "<b>{0}</b>",
    "heading": "<h1 style='color:red'>{0}</h1>",
    "script": "<script>alert('{0}')</script>",
    "image": "<img src='file:///etc/passwd' alt='{0}'>",
    "link": "<a href='https://example.org/{0}'>{0}</a>",
    "table": "<table><tr><td>{0}</td></tr></table>",
    "broken markup": "<{0} <<>> </ &lt;b&gt;",
    "entity": "&amp;{0}&nbsp;&#x3C;b&#x3E;",
    "ampersand": "&{0} & &&Sons",
    "html document": "<!DOCTYPE html><html><body>{0}</body></html>",
    "report markup": "<para><font size=40>{0}</font></para>",
    "markdown": "# {0} **b** [x](y) `c`",
    "hebrew": "\u05e9\u05dc\u05d5\u05dd {0} \u05e2\u05d5\u05dc\u05dd",
    "arabic": "\u0645\u0631\u062d\u0628\u0627 {0} 123",
    "override": "{0}\u202egnp.exe\u202c",
    "isolate left open": "\u2067{0}\u2066\u2068",
    "embedding": "\u202b{0}\u202a\u202d",
    "emoji": "\U0001f468\u200d\U0001f469\u200d\U0001f467 {0} \U0001f3f3\ufe0f",
    "combining": "{0}" + "\u0301\u0323\u0335" * 20,
    "nothing to see": "{0}\u200b\u200c\u2060\ufeff",
    "wide": "\uff34\uff45\uff53\uff54 {0} \u6f22\u5b57 \ud55c\uae00",
    "outside the plane": "\U00020bb7\U0001d573 {0} \U0001f600",
    "control": "{0}\x01\x07\x08\x0b\x1b[31m\x7f\x9b",
    "nul": "{0}\x00tail",
    "half a character": "{0}\ud800tail",
    "new lines": "{0}\nsecond\r\nthird\u2028fourth\u2029fifth",
    "tabs": "\t{0}\t\tend",
    "format": "{{0}} {{{{}}}} %s %n %(x)s ${{{0}}} {0}",
    "sql": "{0}'; DROP TABLE patients; --",
    "like": "{0}%_\\%",
    "path": "../../{0}/C:\\Windows\\con.txt",
    "template": "{{{{7*7}}}} ${{jndi:ldap://example.org/{0}}}",
    "csv": "=cmd|' /C {0}'!A0,\"x\"",
    "number": "0x{0} 1e999 NaN -0",
    "quotes": "\"{0}\" '' `` \u201c\u201d \\",
    "blanks": "\u00a0 {0} \u3000\u2003",
    "not a character": "{0}\ufdd0\uffff",
    "soft hyphen": "{0}\u00ad\u00ad\u2011x",
}


#: Many at once, for the short form; what a text can be refused for stands alone.
WORST: tuple[tuple[str, str], ...] = (
    (
        "markup",
        "<b>Qworsta</b> & &&Sons <img src='x'> &lt;i&gt; {0} %s '; DROP TABLE x; --",
    ),
    (
        "direction",
        "\u05e9\u05dc\u05d5\u05dd Qworstb \u202egnp.exe\u2066 \U0001f469 \u00a0 x",
    ),
    ("controls", "Qworstc\x01\x07\x1b[31m\t\nsecond\r\nthird\u2028\ufdd0 line"),
    ("nul", "Qworstd\x00tail"),
    ("half a character", "Qworste\ud800tail"),
    ("long", "<i>Qworstf</i> " * 200),
)


def hostile_strings(count: int = COUNT) -> list[tuple[str, str]]:
    """Return so many texts, each with its kind; every kind comes before any again."""
    chance = random.Random(_SEED)
    kinds = list(_KINDS.items())
    made = []
    for number in range(count):
        kind, form = kinds[number % len(kinds)]
        word = "".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=6))
        text = form.format(f"Q{word}")
        if number % 50 == 49:
            kind, text = f"long {kind}", (text + " ") * (_LONG // (len(text) + 1) + 1)
            text = text[:_LONG]
        made.append((kind, text))
    return made
