"""The plan and its figures: the rules of the product. Reads no file, knows no store and no screen."""
