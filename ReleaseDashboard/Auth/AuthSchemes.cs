namespace ReleaseDashboard.Auth;

/// <summary>Names of the ways to sign in.</summary>
public static class AuthSchemes
{
    /// <summary>Chooses one of the others by what the request brings.</summary>
    public const string Select = "Select";

    public const string Cookie = "Cookie";

    /// <summary><c>Authorization: Bearer</c>, or <c>access_token</c> in the query of a hub.</summary>
    public const string Token = "Token";

    /// <summary><c>Authorization: Basic</c> on <c>/git</c>: the password is a token, the user name is free.</summary>
    public const string Git = "Git";

    /// <summary>What a request authenticates by. A header wins over a cookie, so that a wrong token is never covered up by a cookie.</summary>
    public static string For(HttpRequest request)
    {
        if (request.Path.StartsWithSegments("/git")) return Git;
        if (request.Headers.Authorization.Count > 0) return Token;
        return request.Path.StartsWithSegments("/hubs") && request.Query.ContainsKey("access_token") ? Token : Cookie;
    }
}
