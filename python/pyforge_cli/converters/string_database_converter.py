"""Values of a database as the earlier program spelled them. Deprecated: the core prints values itself (`types="python"`)."""
from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List


class ConversionStats:
    """What a converter has counted.

    Attributes:
        total_records: rows of frames.
        total_fields: values.
        conversions_by_type: {name of a type: values}.
        errors, warnings: texts.

    >>> ConversionStats().total_fields
    0
    """

    def __init__(self) -> None:
        self.total_records = 0
        self.total_fields = 0
        self.conversions_by_type: Dict[str, int] = {}
        self.errors: List[str] = []
        self.warnings: List[str] = []


def _is_missing(value: Any) -> bool:
    """None, not-a-number, not-a-time, and pandas' NA, which has no answer to whether it is itself."""
    return value is None or type(value).__name__ in ("NaTType", "NAType") or (isinstance(value, float) and value != value)


def _digits(value: Any) -> str:
    """All digits of a number with a fraction, without an exponent, one of them behind the point."""
    import decimal

    number = decimal.Decimal(repr(float(value)) if isinstance(value, float) else value)
    if number.is_nan():
        return ""
    if number.is_infinite():
        return "-Infinity" if number < 0 else "Infinity"
    whole, _, fraction = format(number, "f").partition(".")
    return "%s.%s" % (whole, fraction.rstrip("0") or "0")


class StringTypeConverter:
    """Spells values: truth as true and false, numbers with all their digits, times as YYYY-MM-DD HH:MM:SS, bytes as base64,
    nothing as an empty text.

    >>> import warnings
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore", DeprecationWarning)
    ...     converter = StringTypeConverter()
    >>> [converter.convert_value(value) for value in (42, 3.140, True, None, b"ab")]
    ['42', '3.14', 'true', '', 'YWI=']

    >>> summary = converter.get_conversion_summary()
    >>> summary["status"], summary["total_fields"]
    ('completed', 5)
    >>> import pandas  # doctest: +SKIP
    >>> converter.convert_dataframe(pandas.DataFrame({"n": [1.50]})).values.tolist()  # doctest: +SKIP
    [['1.5']]
    """

    def __init__(self) -> None:
        import warnings

        warnings.warn(
            "StringTypeConverter is kept for programs written for the earlier pyforge; use pyforge_cli.Forge and types='python'",
            DeprecationWarning,
            stacklevel=2,
        )
        self.stats = ConversionStats()

    def convert_value(self, value: Any) -> str:
        """The text of one value, which is counted.

        Args:
            value: any object.

        Returns:
            Its text; `[CONVERSION_ERROR]` where it has none, and the reason is in `stats.errors`.
        """
        kind = type(value).__name__
        self.stats.total_fields += 1
        self.stats.conversions_by_type[kind] = self.stats.conversions_by_type.get(kind, 0) + 1
        try:
            return self._spell(value)
        except Exception as error:
            self.stats.errors.append("%s: %s" % (kind, error))
            return "[CONVERSION_ERROR]"

    @staticmethod
    def _spell(value: Any) -> str:
        import base64
        import datetime
        import decimal
        import numbers

        if _is_missing(value):
            return ""
        if isinstance(value, bool) or type(value).__name__ in ("bool_", "bool"):
            return "true" if value else "false"
        if isinstance(value, numbers.Integral):
            return str(int(value))
        if isinstance(value, (float, decimal.Decimal)):
            return _digits(value)
        if isinstance(value, datetime.datetime):
            return value.isoformat(" ")
        if isinstance(value, (datetime.date, datetime.time)):
            return value.isoformat()
        if isinstance(value, (bytes, bytearray, memoryview)):
            return base64.b64encode(value).decode("ascii")
        return str(value)

    def convert_dataframe(self, df: Any) -> Any:
        """A frame of the texts of all its values.

        Args:
            df: a frame of pandas.

        Returns:
            A new frame with the same names.
        """
        self.stats.total_records += len(df)
        spell = getattr(df, "map", None) or df.applymap  # as pandas called it before 2.1
        return df.astype(object) if df.empty else spell(self.convert_value)

    def get_conversion_summary(self) -> Dict[str, Any]:
        """What was counted so far.

        Returns:
            status ("no_conversions", "completed", "completed_with_errors"), total_records, total_fields, conversions_by_type,
            errors, warnings.
        """
        stats = self.stats
        status = "completed_with_errors" if stats.errors else "completed" if stats.total_fields else "no_conversions"
        return {
            "status": status,
            "total_records": stats.total_records,
            "total_fields": stats.total_fields,
            "conversions_by_type": dict(stats.conversions_by_type),
            "errors": list(stats.errors),
            "warnings": list(stats.warnings),
        }
