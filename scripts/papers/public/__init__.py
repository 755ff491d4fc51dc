"""The folder for the web, outputs/public: which papers and files may be published, and how they are withdrawn."""
