-- 各单位按期办结情况：分子、分母都列出，延期的另列。Finished in time by unit, with its denominator; extended ones apart.
SELECT
    unit,
    sum(CASE WHEN finished = 'kept' AND NOT extended THEN 1 ELSE 0 END) AS in_time,
    sum(CASE WHEN finished IN ('kept', 'late') AND NOT extended THEN 1 ELSE 0 END) AS decided,
    sum(CASE WHEN extended THEN 1 ELSE 0 END) AS with_extension,
    avg(finished_seconds) / 86400.0 AS mean_days
FROM facts
WHERE unit <> ''
GROUP BY unit
ORDER BY unit
