using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using ReleaseDashboard.Core;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Store;

namespace ReleaseDashboard.Auth;

/// <summary>Who a secret belongs to. Secrets are compared by hash, in constant time, and never logged.</summary>
internal sealed class TokenCheck(IOptions<CoreOptions> options, ITokenStore tokens, TokenUse use)
{
    public const string ApiKind = "api";
    public const string SignInKind = "signin";

    private readonly byte[]? _bootstrap = options.Value.Auth.BootstrapToken is { Length: > 0 } token ? Hash(token) : null;

    /// <summary>Name of the owner of an API token; null when it is not one.</summary>
    public async Task<string?> FindApiOwnerAsync(string secret, CancellationToken cancellationToken)
    {
        if (secret.Length is 0 or > 500) return null;
        if (_bootstrap is not null && CryptographicOperations.FixedTimeEquals(_bootstrap, Hash(secret))) return Actor.Owner.Name;
        var owner = await tokens.FindOwnerAsync(ApiKind, secret, cancellationToken);
        if (owner is not null) use.Used(owner);
        return owner;
    }

    /// <summary>The same for what the sign-in page accepts: the link's token or an API token.</summary>
    public async Task<string?> FindSignInOwnerAsync(string secret, CancellationToken cancellationToken)
    {
        if (await FindApiOwnerAsync(secret, cancellationToken) is { } owner) return owner;
        var link = secret.Length is > 0 and <= 500 ? await tokens.FindOwnerAsync(SignInKind, secret, cancellationToken) : null;
        return link is null ? null : Actor.Owner.Name;
    }

    /// <summary>256 random bits, safe in a URL and on a command line.</summary>
    public static string NewSecret() => "rd_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    private static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
