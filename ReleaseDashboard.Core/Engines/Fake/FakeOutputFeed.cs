using System.Runtime.CompilerServices;

namespace ReleaseDashboard.Core.Engines.Fake;

/// <summary>Ends with an exception when the line to the fake engine is cut, as a real one does.</summary>
internal sealed class FakeOutputFeed(FakeOutput output, OutputMark? mark, bool starting, FakeConnection connection) : IOutputFeed
{
    private readonly CancellationToken _connected = connection.Current();

    public async IAsyncEnumerable<OutputPiece> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_connected, cancellationToken);
        await using var pieces = output.ReadPiecesAsync(mark, starting, either.Token).GetAsyncEnumerator(CancellationToken.None);
        while (true)
        {
            try
            {
                if (!await pieces.MoveNextAsync()) yield break;
            }
            catch (OperationCanceledException) when (_connected.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw FakeConnection.Unavailable();
            }

            yield return pieces.Current;
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
