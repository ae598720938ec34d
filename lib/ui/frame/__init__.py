"""What stands around every page: navigation, filters, banners, who is there, the data shown."""
