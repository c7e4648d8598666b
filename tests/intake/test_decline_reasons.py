"""The short list of reasons is read from a file, and every mistake in it is named."""

from pathlib import Path

import pytest

from intake.decline_reasons import decline_reasons, read_reasons
from intake.errors import ProtocolError


def test_the_list_that_comes_with_the_program_can_be_chosen_by_digits() -> None:
    reasons = decline_reasons()
    assert "patient_declines" in {reason.id for reason in reasons}
    assert len(reasons) <= 9
    assert all(reason.text.strip() for reason in reasons)


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("", "There have to be 1 to 9 reasons"),
        ('[[reason]]\nid = "a"\ntext = "x"\n' * 2, "another reason"),
        ('[[reason]]\nid = "a"\n', "text is missing"),
        ('[[reason]]\nid = "a"\ntext = "x"\nmore = 1\n', '"more" is not a key'),
        ("reason = [", "not TOML"),
        (
            "".join(f'[[reason]]\nid = "r{n}"\ntext = "x"\n' for n in range(10)),
            "There have to be 1 to 9 reasons",
        ),
    ],
)
def test_a_list_with_a_mistake_is_refused(
    tmp_path: Path, content: str, named: str
) -> None:
    path = tmp_path / "reasons.toml"
    path.write_text(content)
    with pytest.raises(ProtocolError) as refused:
        read_reasons(path)
    assert any(named in problem.what for problem in refused.value.problems)
