-- 一年里反复出现同类问题的地方。Places where the same kind came back in at least three different months.
SELECT
    place,
    category,
    count(*) AS received,
    count(DISTINCT date_trunc('month', CAST(received_at AS timestamp))) AS months
FROM facts
WHERE place <> '' AND category <> ''
GROUP BY place, category
HAVING count(DISTINCT date_trunc('month', CAST(received_at AS timestamp))) >= 3
ORDER BY received DESC, place, category
