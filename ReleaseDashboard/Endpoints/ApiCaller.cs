using System.Reflection;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Runs;

namespace ReleaseDashboard.Endpoints;

/// <summary>Who calls a command, and the key under which it is carried out once.</summary>
internal sealed record ApiCaller(CommandContext Context)
{
    public const string KeyHeader = "Idempotency-Key";

    /// <summary>Called by the framework for every handler that asks for a caller.</summary>
    public static ValueTask<ApiCaller?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var key = context.Request.Headers[KeyHeader].ToString();
        if (key.Length > 200 || key.Any(char.IsControl))
            throw new BadHttpRequestException($"{KeyHeader} must be at most 200 printable characters.");
        var actor = new Actor(context.User.Identity?.Name ?? throw new InvalidOperationException("A command was reached without a user."));
        return ValueTask.FromResult<ApiCaller?>(new ApiCaller(new CommandContext(actor, "api", key.Length == 0 ? null : key)));
    }
}

/// <summary><c>?limit=&amp;cursor=</c> of every list.</summary>
/// <param name="Limit">1–200, 50 unless said.</param>
/// <param name="Cursor">As answered with the page before.</param>
internal sealed record PageQuery(int? Limit, string? Cursor)
{
    public Core.Views.PageRequest Read()
    {
        if (Limit is < 1 or > 200) throw new BadHttpRequestException($"limit is {Limit}; it must be from 1 to 200.");
        if (string.IsNullOrEmpty(Cursor)) return new Core.Views.PageRequest(Limit ?? 50);
        // Half a loop over pages that silently starts again would never end.
        return Core.Views.PageRequest.IsCursor(Cursor)
            ? new Core.Views.PageRequest(Limit ?? 50, Cursor)
            : throw new BadHttpRequestException("cursor is none that a list answered. Give nextCursor of the page before as it was, or leave it out for the first page.");
    }
}
