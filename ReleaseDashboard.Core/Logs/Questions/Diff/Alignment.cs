namespace ReleaseDashboard.Core.Logs.Questions.Diff;

/// <summary>
/// Says which lines of two lists belong together, in order. Lines that each list has once hold the lists together (patience); what is between them is compared exactly
/// where it is small, and else by how often a line came before. The time grows little more than the number of lines, whatever they are.
/// </summary>
internal static class Alignment
{
    /// <summary>Pairs of lines up to which every one is looked at.</summary>
    private const int Small = 250_000;

    private const int Deepest = 16;

    /// <param name="left">Places in <paramref name="leftHashes"/>, rising.</param>
    /// <param name="match">Gets, at a place of the left, the place of the right that belongs to it.</param>
    public static void Match(ulong[] leftHashes, ReadOnlySpan<int> left, ulong[] rightHashes, ReadOnlySpan<int> right, int[] match) =>
        new Work(leftHashes, rightHashes, match).Match(left, right, 0);

    private readonly ref struct Work(ulong[] leftHashes, ulong[] rightHashes, int[] match)
    {
        public void Match(ReadOnlySpan<int> left, ReadOnlySpan<int> right, int depth)
        {
            while (left.Length > 0 && right.Length > 0 && Alike(left[0], right[0]))
            {
                match[left[0]] = right[0];
                left = left[1..];
                right = right[1..];
            }
            while (left.Length > 0 && right.Length > 0 && Alike(left[^1], right[^1]))
            {
                match[left[^1]] = right[^1];
                left = left[..^1];
                right = right[..^1];
            }
            if (left.Length == 0 || right.Length == 0) return;
            if ((long)left.Length * right.Length <= Small)
            {
                Exact(left, right);
                return;
            }
            var anchors = depth < Deepest ? Rising(Pairs(left, right, onlyOnce: true)) : [];
            if (anchors.Count == 0)
            {
                foreach (var (l, r) in Rising(Pairs(left, right, onlyOnce: false))) match[left[l]] = right[r];
                return;
            }
            int fromLeft = 0, fromRight = 0;
            foreach (var (l, r) in anchors)
            {
                match[left[l]] = right[r];
                Match(left[fromLeft..l], right[fromRight..r], depth + 1);
                (fromLeft, fromRight) = (l + 1, r + 1);
            }
            Match(left[fromLeft..], right[fromRight..], depth + 1);
        }

        private bool Alike(int left, int right) => leftHashes[left] == rightHashes[right];

        /// <summary>The longest list of common lines, by looking at every pair.</summary>
        private void Exact(ReadOnlySpan<int> left, ReadOnlySpan<int> right)
        {
            var width = right.Length + 1;
            var longest = new int[(left.Length + 1) * width];
            for (var l = left.Length - 1; l >= 0; l--)
            {
                for (var r = right.Length - 1; r >= 0; r--)
                {
                    longest[(l * width) + r] = Alike(left[l], right[r])
                        ? longest[((l + 1) * width) + r + 1] + 1
                        : Math.Max(longest[((l + 1) * width) + r], longest[(l * width) + r + 1]);
                }
            }
            for (int l = 0, r = 0; l < left.Length && r < right.Length;)
            {
                if (Alike(left[l], right[r])) match[left[l++]] = right[r++];
                else if (longest[((l + 1) * width) + r] >= longest[(l * width) + r + 1]) l++;
                else r++;
            }
        }

        /// <summary>Lines of both lists with the same text, each the same time it occurs; in the order of the left.</summary>
        private List<(int Left, int Right)> Pairs(ReadOnlySpan<int> left, ReadOnlySpan<int> right, bool onlyOnce)
        {
            var (leftTimes, rightTimes) = (new Dictionary<ulong, int>(left.Length), new Dictionary<ulong, int>(right.Length));
            var places = new Dictionary<(ulong, int), int>(right.Length);
            for (var r = 0; r < right.Length; r++)
            {
                var hash = rightHashes[right[r]];
                rightTimes[hash] = rightTimes.GetValueOrDefault(hash) + 1;
                places[(hash, rightTimes[hash])] = r;
            }
            var pairs = new List<(int, int)>();
            for (var l = 0; l < left.Length; l++)
            {
                var hash = leftHashes[left[l]];
                leftTimes[hash] = leftTimes.GetValueOrDefault(hash) + 1;
                if (places.TryGetValue((hash, leftTimes[hash]), out var r)) pairs.Add((l, r));
            }
            if (!onlyOnce) return pairs;
            var once = new List<(int, int)>();
            foreach (var (l, r) in pairs)
            {
                var hash = leftHashes[left[l]];
                if (leftTimes[hash] == 1 && rightTimes[hash] == 1) once.Add((l, r));
            }
            return once;
        }
    }

    /// <summary>The longest part of the pairs in which the right places rise too.</summary>
    private static List<(int Left, int Right)> Rising(List<(int Left, int Right)> pairs)
    {
        var tails = new List<int>();
        var before = new int[pairs.Count];
        for (var i = 0; i < pairs.Count; i++)
        {
            int low = 0, high = tails.Count;
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (pairs[tails[middle]].Right < pairs[i].Right) low = middle + 1;
                else high = middle;
            }
            before[i] = low == 0 ? -1 : tails[low - 1];
            if (low == tails.Count) tails.Add(i);
            else tails[low] = i;
        }
        var rising = new List<(int, int)>(tails.Count);
        for (var i = tails.Count == 0 ? -1 : tails[^1]; i >= 0; i = before[i]) rising.Add(pairs[i]);
        rising.Reverse();
        return rising;
    }
}
