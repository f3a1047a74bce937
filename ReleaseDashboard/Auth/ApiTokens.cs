using System.Text.RegularExpressions;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Store;

namespace ReleaseDashboard.Auth;

/// <summary>Makes, lists and revokes API tokens, which are git passwords too. Only their hashes are kept.</summary>
public sealed partial class ApiTokens(ITokenStore tokens, TokenUse use, TimeProvider clock)
{
    public const string NameRule = "A token's name has 1 to 60 letters, digits, dots, dashes or underscores.";

    public static bool IsName(string? name) => name is not null && TokenName().IsMatch(name);

    /// <summary>Every token that is valid now, by name.</summary>
    public async Task<IReadOnlyList<ApiToken>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await tokens.TokensAsync(TokenCheck.ApiKind, cancellationToken)).Select(t => new ApiToken(t.Name, t.CreatedAt, use.Last(t.Name), t.ExpiresAt))];

    /// <summary>The token in clear, for the only time; one of the same name stops working. The name must satisfy <see cref="IsName"/>.</summary>
    /// <param name="by">Who the activity says made it.</param>
    public async Task<string> CreateAsync(string name, Actor by, CancellationToken cancellationToken)
    {
        var secret = TokenCheck.NewSecret();
        await tokens.SaveTokenAsync(name, TokenCheck.ApiKind, secret, expiresAt: null, by.Name, ITokenStore.Created, cancellationToken);
        use.Forget(name);
        return secret;
    }

    /// <summary>A secret nobody knows, expired already, takes its place: the answer does not tell which names exist.</summary>
    public async Task RevokeAsync(string name, Actor by, CancellationToken cancellationToken)
    {
        await tokens.SaveTokenAsync(name, TokenCheck.ApiKind, TokenCheck.NewSecret(), clock.GetUtcNow(), by.Name, "revoked token", cancellationToken);
        use.Forget(name);
    }

    [GeneratedRegex("^[A-Za-z0-9._-]{1,60}$")]
    private static partial Regex TokenName();
}

/// <param name="CreatedAt">Null when the activity does not say any more.</param>
/// <param name="LastUsedAt">Since the dashboard started; null when it was not used since.</param>
/// <param name="ExpiresAt">Null never.</param>
public sealed record ApiToken(string Name, DateTimeOffset? CreatedAt, DateTimeOffset? LastUsedAt, DateTimeOffset? ExpiresAt);
