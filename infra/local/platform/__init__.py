"""The stand-in for WeChat and WeCom: refuses what they refuse with the same codes, and shows every phone on one page.

`python -m infra.local.platform --port 4580`; then GET /phones. Run by the local cloud and by the tests, never deployed.
"""
