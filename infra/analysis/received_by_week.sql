-- 每周各片区、各类别受理多少件，其中多少件五分钟内反馈。Tickets by week, area and category, and how many were fed back in time.
SELECT
    date_trunc('week', CAST(received_at AS timestamp)) AS week,
    area,
    category,
    count(*) AS received,
    sum(CASE WHEN feedback = 'kept' THEN 1 ELSE 0 END) AS fed_back_in_time,
    sum(CASE WHEN feedback IN ('kept', 'late') THEN 1 ELSE 0 END) AS feedback_decided
FROM facts
GROUP BY 1, 2, 3
ORDER BY 1, 2, 3
