"""The shop: what it sells and from where, its campaigns, the customers' orders, and the stock that moves for them."""
