"""What moves through the customers' accounts: a month's plan for a block of customers, drawn whole.

Each kind of movement has a random stream of its own and numbers its movements within (customer, month, kind), so a new kind or
column changes no row of another. A day, or any range of days, is a slice of the plan.
"""
