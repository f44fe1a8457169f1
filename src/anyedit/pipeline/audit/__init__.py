"""Gates measured on planted truth: known defects put into world pairs, and what each gate says of them."""
