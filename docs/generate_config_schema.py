"""Write config.schema.json, by which editors complete and check config.yaml (`make schema`)."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from papers.inputs.config import Config
from pydantic.json_schema import GenerateJsonSchema

SCHEMA = Path("config.schema.json")
DRAFT = "http://json-schema.org/draft-07/schema#"  # editors know no later one as well


class UntitledSchema(GenerateJsonSchema):
    """Without the titles that pydantic makes from names: editors would show them above the descriptions."""

    def field_title_should_be_set(self, schema: object) -> bool:
        return False


def main() -> int:
    """Write the schema; return the exit code."""
    SCHEMA.write_text(schema_text(), encoding="utf-8", newline="\n")
    return 0


def schema_text() -> str:
    """Return the JSON Schema of the configuration as text."""
    schema = Config.model_json_schema(schema_generator=UntitledSchema)
    comment = "Written by make schema from scripts/papers/inputs/config.py: change it there."
    return json.dumps({"$schema": DRAFT, "$comment": comment, **schema}, indent=2) + "\n"


if __name__ == "__main__":
    sys.exit(main())
