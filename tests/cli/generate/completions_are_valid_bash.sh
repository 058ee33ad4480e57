"$PYFORGE" __generate bash > c.bash && bash -n c.bash && "$PYFORGE" __generate man | head -1
