"""What a call is filed under: request type, domain, record template, guide, question and unit."""
