using System.Buffers;

namespace ReleaseDashboard.Core.Logs.Writing;

/// <summary>
/// The beginning of a line whose end has not come. As long as it is short it is in memory, as it came; what is longer goes to a file beside the log, masked, so that neither a
/// process that never ends its line nor a secret across two pieces of it matters.
/// </summary>
internal sealed class UnfinishedLine(string path, SecretMask mask) : IDisposable
{
    private const int InMemory = 256 * 1024;
    private readonly ArrayBufferWriter<byte> _held = new();
    private ArrayBufferWriter<byte>? _masked;
    private FileStream? _file;
    private int _secrets;

    /// <summary>When its first byte came; UTC.</summary>
    public long Ticks { get; private set; }

    /// <summary>Bytes of it that were refused.</summary>
    public long LeftOut { get; private set; }

    public long Length => _held.WrittenCount + (_file?.Length ?? 0);

    public bool IsEmpty => Length == 0 && LeftOut == 0;

    /// <summary>It is in memory as a whole: <see cref="Held"/> is it.</summary>
    public bool IsShort => _file is null;

    public ReadOnlySpan<byte> Held => _held.WrittenSpan;

    /// <param name="room">Bytes that may still be kept.</param>
    public void Add(ReadOnlySpan<byte> bytes, long ticks, long room)
    {
        if (IsEmpty) Ticks = ticks;
        var fits = (int)Math.Clamp(room - Length, 0, bytes.Length);
        LeftOut += bytes.Length - fits;
        _held.Write(bytes[..fits]);
        if (_held.WrittenCount > InMemory + mask.Longest) Spill();
    }

    /// <summary>The masked line from its first byte, and how many secrets it had. Only for a line that is not short.</summary>
    public (Stream Line, int Secrets) Take()
    {
        var file = _file ?? throw new InvalidOperationException("The line is in memory.");
        var end = _held.WrittenSpan is [.., (byte)'\r'] ? _held.WrittenSpan[..^1] : _held.WrittenSpan;
        _masked!.ResetWrittenCount();
        _secrets += mask.Mask(end, _masked);
        file.Write(_masked.WrittenSpan);
        file.Position = 0;
        return (file, _secrets);
    }

    public void Clear()
    {
        // What a long line took is not kept for the short ones after it.
        if (_held.Capacity > InMemory / 4) _held.Clear();
        _held.ResetWrittenCount();
        _file?.Dispose();
        _file = null;
        _masked = null;
        (_secrets, LeftOut) = (0, 0);
    }

    public void Dispose() => Clear();

    private void Spill()
    {
        _masked ??= new ArrayBufferWriter<byte>();
        _masked.ResetWrittenCount();
        _file ??= new FileStream(path, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.ReadWrite, Share = FileShare.Read | FileShare.Delete, Options = FileOptions.DeleteOnClose, BufferSize = 0 });
        var done = mask.MaskBeginning(_held.WrittenSpan, _masked, ref _secrets);
        _file.Write(_masked.WrittenSpan);
        var rest = _held.WrittenSpan[done..].ToArray();
        _held.ResetWrittenCount();
        _held.Write(rest);
    }
}
