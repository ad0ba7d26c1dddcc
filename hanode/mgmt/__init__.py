"""How a node is asked, and what it answers: consoles, commands, who may."""
