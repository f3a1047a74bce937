using System.Text.RegularExpressions;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Store;

namespace ReleaseDashboard.Auth;

/// <summary>Makes and revokes API tokens, which are git passwords too. Only their hashes are kept.</summary>
public sealed partial class ApiTokens(ITokenStore tokens, TimeProvider clock)
{
    public const string NameRule = "A token's name has 1 to 60 letters, digits, dots, dashes or underscores.";

    public static bool IsName(string? name) => name is not null && TokenName().IsMatch(name);

    /// <summary>The token in clear, for the only time; one of the same name stops working. The name must satisfy <see cref="IsName"/>.</summary>
    public Task<string> CreateAsync(string name, CancellationToken cancellationToken) => CreateAsync(name, Actor.Owner, cancellationToken);

    /// <param name="by">Who the activity says made it.</param>
    internal async Task<string> CreateAsync(string name, Actor by, CancellationToken cancellationToken)
    {
        var secret = TokenCheck.NewSecret();
        await tokens.SaveTokenAsync(name, TokenCheck.ApiKind, secret, expiresAt: null, by.Name, "created token", cancellationToken);
        return secret;
    }

    /// <summary>A secret nobody knows, expired already, takes its place: the answer does not tell which names exist.</summary>
    internal Task RevokeAsync(string name, Actor by, CancellationToken cancellationToken) =>
        tokens.SaveTokenAsync(name, TokenCheck.ApiKind, TokenCheck.NewSecret(), clock.GetUtcNow(), by.Name, "revoked token", cancellationToken);

    [GeneratedRegex("^[A-Za-z0-9._-]{1,60}$")]
    private static partial Regex TokenName();
}
