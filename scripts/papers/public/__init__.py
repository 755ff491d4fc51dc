"""The folder for the web, outputs/public: what is published, and how it is withdrawn."""
