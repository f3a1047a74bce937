using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace ReleaseDashboard.Core.Logs.Writing;

/// <summary>
/// Finds secrets in UTF-8 text. Immutable and thread-safe. Every form has its first groups of four bytes in a table; the text is looked at every few bytes only, as
/// far apart as the shortest form allows, so the time does not grow with the number of secrets.
/// </summary>
internal sealed class SecretMask
{
    private const int Gram = 4;
    private const int Furthest = 8;
    private const int EndlessFrom = 64 * 1024;
    private readonly byte[][] _forms;
    private readonly int _step = 1;
    private readonly ulong[] _known = new ulong[1024];
    private readonly Dictionary<uint, (int Form, int Offset)[]> _places = [];

    public SecretMask(IEnumerable<string> secrets)
    {
        var all = secrets.Where(s => s.Length > 0).Distinct().ToList();
        _forms = [.. all.SelectMany(SecretForms.Of).Distinct().Select(Encoding.UTF8.GetBytes).OrderByDescending(f => f.Length)];
        Sequences = [.. all.Select(SecretForms.Lines).Where(l => l.Count > 1)];
        if (_forms.Length == 0) return;
        Longest = _forms[0].Length;
        _step = Math.Clamp(_forms[^1].Length - Gram + 1, 1, Furthest);
        var places = new Dictionary<uint, List<(int, int)>>();
        for (var form = 0; form < _forms.Length; form++)
        {
            for (var offset = 0; offset < _step; offset++)
            {
                var gram = MemoryMarshal.Read<uint>(_forms[form].AsSpan(offset));
                _known[Place(gram) >> 6] |= 1UL << (Place(gram) & 63);
                if (!places.TryGetValue(gram, out var list)) places[gram] = list = [];
                list.Add((form, offset));
            }
        }
        foreach (var (gram, list) in places) _places[gram] = [.. list];
    }

    public bool IsEmpty => _forms.Length == 0;

    /// <summary>Bytes of the longest form.</summary>
    public int Longest { get; }

    /// <summary>Lines of the secrets that have several, without the space around them.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Sequences { get; }

    /// <summary>The first secret at or behind <paramref name="from"/>, with those that begin inside of it and reach beyond. A length of 0 when there is none.</summary>
    public (int Start, int Length) Find(ReadOnlySpan<byte> text, int from)
    {
        ref var first = ref MemoryMarshal.GetReference(text);
        ref var known = ref MemoryMarshal.GetArrayDataReference(_known);
        if (_forms.Length == 0) return (text.Length, 0);
        for (var at = from; at <= text.Length - Gram; at += _step)
        {
            var gram = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref first, at));
            var place = Place(gram);
            if ((Unsafe.Add(ref known, place >> 6) & (1UL << (place & 63))) == 0) continue;
            var (start, length) = FirstAround(text, from, at, gram);
            if (length > 0) return (start, Reach(text, start, length));
        }
        return (text.Length, 0);
    }

    /// <summary>Writes the text with <c>***</c> for every secret. Returns how many there were.</summary>
    public int Mask(ReadOnlySpan<byte> text, IBufferWriter<byte> to)
    {
        var count = 0;
        var done = 0;
        for (var (start, length) = Find(text, 0); length > 0; (start, length) = Find(text, done))
        {
            to.Write(text[done..start]);
            to.Write("***"u8);
            done = start + length;
            count++;
        }
        to.Write(text[done..]);
        return count;
    }

    /// <summary>The same for text whose end is not known yet. Returns how much of it is done: what is left may be the beginning of a secret and comes again.</summary>
    public int MaskBeginning(ReadOnlySpan<byte> text, IBufferWriter<byte> to, ref int count)
    {
        var done = 0;
        // Whatever begins before this place is complete.
        var safe = Math.Max(0, text.Length - Math.Max(1, Longest - 1));
        for (var (start, length) = Find(text, 0); length > 0 && start < safe; (start, length) = Find(text, done))
        {
            // It may reach further once more is known; one that goes on and on (a secret of like letters in a line of them) is not waited for.
            if (start + length > safe && length < Longest + EndlessFrom) return Upto(text, start, done, to);
            to.Write(text[done..start]);
            to.Write("***"u8);
            done = start + length;
            count++;
        }
        return Upto(text, Math.Max(done, safe), done, to);
    }

    private static int Upto(ReadOnlySpan<byte> text, int end, int done, IBufferWriter<byte> to)
    {
        to.Write(text[done..end]);
        return end;
    }

    private static int Place(uint gram) => (int)((gram * 2654435769u) >> 16);

    /// <summary>The form that begins first, and of those the longest, among the ones that have this group in this place.</summary>
    private (int Start, int Length) FirstAround(ReadOnlySpan<byte> text, int from, int at, uint gram)
    {
        var (start, length) = (int.MaxValue, 0);
        if (!_places.TryGetValue(gram, out var places)) return (start, length);
        foreach (var (form, offset) in places)
        {
            var begins = at - offset;
            if (begins < from || begins > start || (begins == start && _forms[form].Length <= length)) continue;
            if (text[begins..].StartsWith(_forms[form])) (start, length) = (begins, _forms[form].Length);
        }
        return (start, length);
    }

    private int Reach(ReadOnlySpan<byte> text, int start, int length)
    {
        var end = start + length;
        for (var at = start + 1; at < end && at <= text.Length - Gram; at++)
        {
            if (!_places.TryGetValue(MemoryMarshal.Read<uint>(text[at..]), out var places)) continue;
            foreach (var (form, offset) in places)
            {
                if (offset == 0 && at + _forms[form].Length > end && text[at..].StartsWith(_forms[form])) end = at + _forms[form].Length;
            }
        }
        return end - start;
    }
}
