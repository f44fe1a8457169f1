"""Engines: what carries out the roles that edit types ask for (inpaint, recolour, tone, ...), classical or neural."""
