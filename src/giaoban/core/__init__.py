"""Core: what is true, in plain Python: no Django, no input or output of its own, no clock.

span · period · hierarchy · numbers · text · calendar · formula · rollup · refusal. Each module says one idea; the slow,
obvious engines here (`hierarchy`, `rollup`) are what the fast ones elsewhere must agree with under generated tests.
"""
