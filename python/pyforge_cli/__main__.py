"""python -m pyforge_cli"""
from .main import cli

cli()
