using System.Buffers;
using System.Text;

namespace ReleaseDashboard.Core.Logs.Questions;

/// <summary>Whole lines of a log, each with its line feed; of an over-long one only what is shown of it.</summary>
internal sealed class PieceBuffer : IDisposable
{
    private readonly byte[] _bytes;
    private char[]? _chars;
    private int _length;
    private int _decoded;

    public PieceBuffer(LogPiece piece, ReadOnlySpan<byte> text)
    {
        FirstLine = piece.FirstLine;
        _bytes = ArrayPool<byte>.Shared.Rent(text.Length);
        text.CopyTo(_bytes);
        _length = text.Length;
        if (HasLongLine()) Clip(piece.IsCut);
        LineCount = Bytes.Count((byte)'\n');
    }

    public long FirstLine { get; }

    public int LineCount { get; }

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>The same as characters; what is not UTF-8 became U+FFFD.</summary>
    public ReadOnlySpan<char> Chars
    {
        get
        {
            if (_chars is null)
            {
                // Never more characters than bytes.
                _chars = ArrayPool<char>.Shared.Rent(_length);
                _decoded = Encoding.UTF8.GetChars(Bytes, _chars);
            }
            return _chars.AsSpan(0, _decoded);
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        if (_chars is not null) ArrayPool<char>.Shared.Return(_chars);
    }

    /// <summary>A line as long as the cap covers one of these blocks.</summary>
    private bool HasLongLine()
    {
        const int block = LogFiles.LineCap / 2;
        for (var at = 0; at + block <= _length; at += block)
        {
            if (!Bytes.Slice(at, block).Contains((byte)'\n')) return true;
        }
        return false;
    }

    private void Clip(bool isCut)
    {
        var all = _bytes.AsSpan(0, _length);
        var used = 0;
        for (var at = 0; at < all.Length;)
        {
            var end = at + all[at..].IndexOf((byte)'\n');
            var shown = isCut || end - at > LogFiles.LineCap ? ShownText.Length(all.Slice(at, Math.Min(end - at, LogFiles.LineCap))) : end - at;
            all.Slice(at, shown).CopyTo(all[used..]);
            used += shown;
            all[used++] = (byte)'\n';
            at = end + 1;
        }
        _length = used;
    }
}
