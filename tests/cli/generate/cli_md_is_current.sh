"$PYFORGE" __generate cli.md | diff - "$CASES/../../docs/cli.md"
