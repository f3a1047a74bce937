using ReleaseDashboard.Core.Store;

namespace ReleaseDashboard.Tests.Fakes;

/// <summary>Tokens of one kind in memory, with who made them.</summary>
internal sealed class MemoryTokens(TimeProvider clock) : ITokenStore
{
    private readonly Dictionary<string, StoredToken> _tokens = [];

    public Dictionary<string, string> Secrets { get; } = [];
    public Dictionary<string, string> By { get; } = [];

    public Task SaveTokenAsync(string name, string kind, string secret, DateTimeOffset? expiresAt, CancellationToken cancellationToken) =>
        SaveTokenAsync(name, kind, secret, expiresAt, "", "", cancellationToken);

    public Task SaveTokenAsync(string name, string kind, string secret, DateTimeOffset? expiresAt, string actor, string action, CancellationToken cancellationToken)
    {
        (_tokens[name], Secrets[name], By[name]) = (new(name, clock.GetUtcNow(), expiresAt), secret, actor);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<StoredToken>> TokensAsync(string kind, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<StoredToken>>([.. _tokens.Values.Where(t => t.ExpiresAt is null || t.ExpiresAt > clock.GetUtcNow())]);

    public Task<string?> FindOwnerAsync(string kind, string secret, CancellationToken cancellationToken) =>
        Task.FromResult<string?>(Secrets.FirstOrDefault(s => s.Value == secret).Key);
}
