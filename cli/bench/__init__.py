"""`./imr bench`: what is measured, printed with its figures. Figures come from here; tests assert none."""
