"""client360: a simulated bank and shop, loaded, modelled and exported as one row per customer."""
