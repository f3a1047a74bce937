using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace ReleaseDashboard.Core.Git;

/// <summary>Objects of one repository, one after another, from one <c>git cat-file --batch</c>. An opened one must be read to its end before the next is opened.</summary>
internal sealed class GitBlobs(Process process) : IAsyncDisposable
{
    private readonly Stream _output = new BufferedStream(process.StandardOutput.BaseStream, 64 * 1024);
    private BlobStream? _open;

    public async Task<BlobStream> OpenAsync(string id, CancellationToken cancellationToken)
    {
        if (_open is not null)
        {
            await _open.SkipAsync(cancellationToken).ConfigureAwait(false);
            await ReadByteAsync(cancellationToken).ConfigureAwait(false);
        }

        await process.StandardInput.BaseStream.WriteAsync(Encoding.ASCII.GetBytes(id + "\n"), cancellationToken).ConfigureAwait(false);
        await process.StandardInput.BaseStream.FlushAsync(cancellationToken).ConfigureAwait(false);
        var header = await ReadLineAsync(cancellationToken).ConfigureAwait(false);
        var parts = header.Split(' ');
        if (parts.Length != 3 || parts[1] != "blob") throw new GitException($"The repository is damaged: {header}");
        return _open = new BlobStream(_output, long.Parse(parts[2], CultureInfo.InvariantCulture));
    }

    public async ValueTask DisposeAsync()
    {
        GitProcess.Kill(process);
        await _output.DisposeAsync().ConfigureAwait(false);
        process.Dispose();
    }

    private async Task<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        for (var c = await ReadByteAsync(cancellationToken).ConfigureAwait(false); c != '\n'; c = await ReadByteAsync(cancellationToken).ConfigureAwait(false))
            line.Append((char)c);
        return line.ToString();
    }

    private async ValueTask<byte> ReadByteAsync(CancellationToken cancellationToken)
    {
        var one = new byte[1];
        await _output.ReadExactlyAsync(one, cancellationToken).ConfigureAwait(false);
        return one[0];
    }
}

/// <summary>
/// One object of the batch. It says that it can seek, because a tar writer needs the length before the content; it cannot really.
/// </summary>
internal sealed class BlobStream(Stream source, long length) : Stream
{
    private long _position;

    public override bool CanRead => true;
    public override bool CanSeek => true;
    public override bool CanWrite => false;
    public override long Length => length;

    public override long Position
    {
        get => _position;
        set
        {
            if (value != _position) throw new NotSupportedException("An object of git is read once, from its start.");
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position == length) return 0;
        var count = (int)Math.Min(buffer.Length, length - _position);
        var read = await source.ReadAsync(buffer[..count], cancellationToken).ConfigureAwait(false);
        if (read == 0) throw new EndOfStreamException("git ended in the middle of an object.");
        _position += read;
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count)
    {
        if (_position == length) return 0;
        var read = source.Read(buffer, offset, (int)Math.Min(count, length - _position));
        if (read == 0) throw new EndOfStreamException("git ended in the middle of an object.");
        _position += read;
        return read;
    }

    public async Task SkipAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        while (await ReadAsync(buffer.AsMemory(), cancellationToken).ConfigureAwait(false) > 0)
        {
        }
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
