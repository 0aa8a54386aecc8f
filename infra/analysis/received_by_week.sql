-- 每周各片区、各类别受理多少件，其中多少件按各自承诺的时限反馈，人工的、系统的分列；五分钟内的另列。
-- Tickets by week, area and category; how many were fed back by the promise made to each (five minutes, one working day, fifteen
-- days), by people and by the machine, and how many in five minutes, whatever had been promised.
SELECT
    date_trunc('week', CAST(received_at AS timestamp)) AS week,
    area,
    category,
    count(*) AS received,
    sum(CASE WHEN feedback = 'kept' THEN 1 ELSE 0 END) AS fed_back_in_time,
    sum(CASE WHEN feedback = 'kept' AND feedback_by = 'person' THEN 1 ELSE 0 END) AS by_person,
    sum(CASE WHEN feedback = 'kept' AND feedback_by = 'machine' THEN 1 ELSE 0 END) AS by_machine,
    sum(CASE WHEN feedback IN ('kept', 'late') THEN 1 ELSE 0 END) AS feedback_decided,
    sum(CASE WHEN feedback_seconds <= 300 THEN 1 ELSE 0 END) AS in_five_minutes
FROM facts
GROUP BY 1, 2, 3
ORDER BY 1, 2, 3
