"""The templates that come with plotkiln. Render processes alone load them."""
