using System.Globalization;
using System.Text;

namespace ReleaseDashboard.Core.Git;

/// <summary>
/// Passes the answer of a push on, packet by packet, and puts lines of the dashboard in front of its end: git shows them as <c>remote: …</c>.
/// By the time git sends the end, the branches have moved. An answer without side bands (very old clients) is passed on as it is.
/// </summary>
internal sealed class PushAnswer(Stream client, Func<CancellationToken, Task<IReadOnlyList<string>>> pushed)
{
    private const int LongestLine = 900;

    /// <param name="first">What has been read already.</param>
    public async Task CopyAsync(ReadOnlyMemory<byte> first, Stream rest, CancellationToken cancellationToken)
    {
        var input = new PacketInput(first, rest);
        while (await input.ReadAsync(4, cancellationToken).ConfigureAwait(false) is { } head)
        {
            if (head.Length < 4 || !int.TryParse(Encoding.ASCII.GetString(head), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var length))
            {
                await PassOnAsync(head, input, cancellationToken).ConfigureAwait(false);
                return;
            }

            if (length == 0) await WriteLinesAsync(await pushed(cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
            var body = length > 4 ? await input.ReadAsync(length - 4, cancellationToken).ConfigureAwait(false) ?? [] : [];
            if (length > 4 && (body.Length == 0 || body[0] is not (1 or 2 or 3)))
            {
                await PassOnAsync([.. head, .. body], input, cancellationToken).ConfigureAwait(false);
                return;
            }

            await client.WriteAsync((byte[])[.. head, .. body], cancellationToken).ConfigureAwait(false);
            await client.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task PassOnAsync(byte[] read, PacketInput input, CancellationToken cancellationToken)
    {
        await client.WriteAsync(read, cancellationToken).ConfigureAwait(false);
        await input.CopyRestAsync(client, cancellationToken).ConfigureAwait(false);
    }

    private async Task WriteLinesAsync(IReadOnlyList<string> lines, CancellationToken cancellationToken)
    {
        foreach (var line in lines)
        {
            var text = Encoding.UTF8.GetBytes((line.Length > LongestLine ? line[..LongestLine] : line) + "\n");
            var head = Encoding.ASCII.GetBytes((text.Length + 5).ToString("x4", CultureInfo.InvariantCulture));
            await client.WriteAsync((byte[])[.. head, 2, .. text], cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Reads whole pieces; a shorter one, or null, only at the end.</summary>
    private sealed class PacketInput(ReadOnlyMemory<byte> first, Stream rest)
    {
        private ReadOnlyMemory<byte> _first = first;

        public async Task<byte[]?> ReadAsync(int count, CancellationToken cancellationToken)
        {
            var piece = new byte[count];
            var have = Math.Min(count, _first.Length);
            _first[..have].CopyTo(piece);
            _first = _first[have..];
            if (have < count) have += await rest.ReadAtLeastAsync(piece.AsMemory(have), count - have, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            return have == 0 ? null : piece[..have];
        }

        public async Task CopyRestAsync(Stream to, CancellationToken cancellationToken)
        {
            await to.WriteAsync(_first, cancellationToken).ConfigureAwait(false);
            await rest.CopyToAsync(to, cancellationToken).ConfigureAwait(false);
        }
    }
}
