using System.Collections.Concurrent;
using ReleaseDashboard.Core.Store;

namespace ReleaseDashboard.Auth;

/// <summary>Used only where no store is registered.</summary>
internal sealed class MemoryTokenStore : ITokenStore
{
    private readonly ConcurrentDictionary<(string Kind, string Name), string> _secrets = new();

    public Task SaveTokenAsync(string name, string kind, string secret, DateTimeOffset? expiresAt, CancellationToken cancellationToken)
    {
        _secrets[(kind, name)] = secret;
        return Task.CompletedTask;
    }

    public Task<string?> FindOwnerAsync(string kind, string secret, CancellationToken cancellationToken) =>
        Task.FromResult(_secrets.Where(s => s.Key.Kind == kind && s.Value == secret).Select(s => s.Key.Name).FirstOrDefault());
}
