-- 各单位按期办结情况：分子、分母都列出，延期的另列，说办结后来不是的在分母里。
-- Claimed in time by unit, of the last round of each ticket, with its denominator (a claim that proved false is in it); extended ones
-- apart, and how often work came back. Days are those to the claim, not to what residents confirmed: the dashboard has these.
SELECT
    unit,
    sum(CASE WHEN finished = 'kept' AND NOT extended THEN 1 ELSE 0 END) AS in_time,
    sum(CASE WHEN finished IN ('kept', 'late', 'disproved') AND NOT extended THEN 1 ELSE 0 END) AS decided,
    sum(CASE WHEN finished = 'disproved' THEN 1 ELSE 0 END) AS claimed_falsely,
    sum(CASE WHEN extended THEN 1 ELSE 0 END) AS with_extension,
    sum(rounds - 1) AS came_back,
    avg(finished_seconds) / 86400.0 AS mean_days_to_claim
FROM facts
WHERE unit <> ''
GROUP BY unit
ORDER BY unit
