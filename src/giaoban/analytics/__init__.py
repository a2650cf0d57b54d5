"""Analytics: sums over units and maps, and the indicators computed from them. The only home of DuckDB and Parquet.

Words. A *part* is an immutable Parquet file with the merged ledger of one period; the *manifest* names the parts and
the ledger's *sealed* line up to which they go; the *tail* is every later line, read from the record itself. A *map* is
the tree of one day: as it was (the period's data day), today's, or a day's. An *answer* is the value of one indicator
for one unit and period with what it takes to believe it: numerator, denominator, target, who reported, at which step.

Verbs (`upkeep`): compact, rebuild, verify. Questions: `queries.ask`.
"""
