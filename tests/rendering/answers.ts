/** What models write, with each construct that could flicker while it arrives. */
export const TECHNICAL_ANSWER = `# Rate limits in *Express*

A **token bucket** is *usually* enough; \`express-rate-limit\` does it (see [the manual](https://example.org/limits_(v8) "Title")
and ![a diagram](https://example.org/bucket.png)). AT&amp;T says 5 * 3 < 16! More at https://example.org/a_b_c.
It is kept in \`store[key]\`, or in array[0], ~~not~~ __never__ in snake_case_name. Escaped: \\* \\{x\\}; <me@example.org>.

## Steps

1. Install **it**: \`npm install\`
   - nested *one*
   - nested [two](https://two.example)

   \`\`\`js
   const limit = rateLimit({ max: 20 }); // 20 a minute
   app.use("/chat", limit);
   \`\`\`

2. Mount it before the *routes*
3. Test it

- [ ] write the test
- [x] read the manual

| Setting | Default | Meaning |
|:--------|--------:|:-------:|
| \`max\` | **20** | requests |
| \`windowMs\` | 60000 | [docs](https://example.org/ms) |

> A quote with **bold words
> over** two lines
and a lazy one.

\`\`\`html
<b class="x">- 1</b>
| not | a table |
---
\`\`\`

Setext
------

***

<think>hm</think> shows as <b>text</b>, 1986. The end.`;

export const CHINESE_ANSWER = `### 快速排序

**快速排序**（Quick Sort）是一种*分治*算法，平均时间复杂度为 \`O(n log n)\`。参见https://example.org/算法。更多：

1. **选择基准**：从数组中选一个元素；
2. **分区**：小于基准的放左边，大于的放右边；😀👍🏽
3. **递归**：对左右两部分重复。

\`\`\`python
def quick_sort(a: list[int]) -> list[int]:
    if len(a) <= 1:
        return a  # 基线
    return quick_sort([x for x in a[1:] if x < a[0]]) + [a[0]]
\`\`\`

> **注意**：最坏情况为 \`O(n²)\`。

| 算法 | 平均 | 最坏 |
|---|---|---|
| 快排 | n log n | n² |`;

export const LETTER = `Dear Ms. O'Neill,

Thank you for your letter of the 3rd -- it *really* helped.
We will come on Monday (not on Tuesday!) & bring:

* bread
* 2 bottles of wine
* **no** cake

Yours,
A.`;

export const ANSWERS = [TECHNICAL_ANSWER, CHINESE_ANSWER, LETTER] as const;
