"""What can fill the terminal: each screen draws the app's moment, and hears of each arrival."""
