"""A value that must never be seen: it prints as stars everywhere but in `reveal()`."""

from __future__ import annotations


class Secret:
    """Holds a text. `str`, `repr`, formatting and pickling never give it away; `reveal()` does, at the last moment."""

    __slots__ = ("__text",)

    def __init__(self, text: str) -> None:
        self.__text = text

    def reveal(self) -> str:
        """The text itself: pass it on, never keep it."""
        return self.__text

    def __str__(self) -> str:
        return "*****"

    def __repr__(self) -> str:
        return "Secret(*****)"

    def __format__(self, spec: str) -> str:
        return format("*****", spec)

    def __reduce__(self) -> tuple[type[Secret], tuple[str]]:
        raise TypeError("a secret is not written anywhere")
