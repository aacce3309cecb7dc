"""The colours of all charts: Okabe and Ito's, which readers with any colour vision can distinguish."""

COLOURS = ("#0072b2", "#e69f00", "#009e73", "#d55e00", "#56b4e9", "#cc79a7", "#f0e442", "#000000")
"""In the order in which a chart uses them; dashboard/.streamlit/config.toml repeats them."""
BLUE, ORANGE, GREEN = COLOURS[:3]
GREY = "#767676"
"""Of what is not certain, and of lines to compare with."""
